"""The platform's Resource Management v1.3: the shared things, who owns them, and what is known of them."""
