"""The pages of this room in finished words, and how any room shows what a person typed."""
