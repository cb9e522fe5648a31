"""CommunityShare Maintenance."""
