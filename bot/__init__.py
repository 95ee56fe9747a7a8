"""What Kept does and says, the same on every platform."""
