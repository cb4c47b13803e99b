"""What stands in a text: marks, numbers, people, credentials, registered data. Pure: text in, values out."""
