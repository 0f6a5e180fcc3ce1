"""Judgement of runs: comparability, the gate, trends, and the choice between cases."""
