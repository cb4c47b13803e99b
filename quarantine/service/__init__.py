"""What a person may ask and do, each in the name of one session; the console knows nothing else of us. May open: the database and the blobs, by what it is handed."""
