"""How people are deceived: hosts, links, file names, phrases. May open: nothing; text in, values out."""
