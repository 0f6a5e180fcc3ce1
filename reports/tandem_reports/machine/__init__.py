"""Description of this machine: processor, GPU, versions."""
