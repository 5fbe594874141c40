"""From gaps to actions that only evidence can close; findings of the experts and decisions of the authorities."""
