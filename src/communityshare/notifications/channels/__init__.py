"""One transport each; none of them chooses a recipient."""
