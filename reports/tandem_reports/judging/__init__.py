"""What is said of a run: comparable or not, slower or not, which to choose."""
