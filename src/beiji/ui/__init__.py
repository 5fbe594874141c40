"""The eye of the house: tokens, components, template tags, figures, languages, print."""
