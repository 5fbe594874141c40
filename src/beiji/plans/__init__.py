"""Emergency plans: which hospital has one for which kind of event, who writes it, reviews it and puts it in force."""
