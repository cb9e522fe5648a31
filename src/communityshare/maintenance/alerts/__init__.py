"""The daily check: who is told of what is due, and the deliveries that tell them."""
