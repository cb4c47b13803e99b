"""What stands in a text: marks, numbers, people, credentials, registered data.
May open: nothing; text in, values out.
"""
