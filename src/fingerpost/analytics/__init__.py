"""The analytics half: the pathway evaluated from pseudonymised extracts. It never imports the web half."""
