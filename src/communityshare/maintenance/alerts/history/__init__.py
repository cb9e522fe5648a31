"""What the daily checks did, for those who look."""
