"""Remembering and judging: records, statistics and how they are shown. Imports no runtime."""
