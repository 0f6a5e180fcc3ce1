"""What is remembered: records, runs, and their files."""
