"""The interface kit: tokens, components, template tags, figures, languages, print."""
