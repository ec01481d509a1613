"""What a whole video says: its chapters, its summary; and an entity across videos."""
