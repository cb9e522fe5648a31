"""Users, roles and tokens: the platform's accounts, so that the product runs alone."""
