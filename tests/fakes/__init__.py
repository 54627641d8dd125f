"""What stands for the outside world in tests; each is held to the same contract as the real thing."""
