"""How people are deceived: hosts, links, file names, phrases. Pure: text in, values out."""
