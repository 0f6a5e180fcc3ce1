"""Stored results: records, runs, and their files."""
