"""The app: pages over one edition; it draws and asks, it computes nothing."""
