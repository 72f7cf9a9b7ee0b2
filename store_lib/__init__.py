"""What `./store` does, one concern per file. Python standard library only."""
