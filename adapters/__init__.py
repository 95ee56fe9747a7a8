"""Who we talk to: platforms, storage, files, the clock. The only third-party imports."""
