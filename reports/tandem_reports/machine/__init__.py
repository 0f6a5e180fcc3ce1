"""What this machine is: processor, GPU, versions."""
