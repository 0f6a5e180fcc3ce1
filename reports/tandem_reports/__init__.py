"""Storing and judging results: records, statistics and their display. Imports no runtime."""
