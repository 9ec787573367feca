"""Which settings? A model of the guard in virtual time, searched for the settings that fit a user's traffic."""
