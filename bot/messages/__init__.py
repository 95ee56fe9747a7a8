"""What is said, composed late: one module per topic, each with its table of composers."""
