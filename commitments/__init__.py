"""What a promise is: values and rules. No clock, no I/O, no platform."""
