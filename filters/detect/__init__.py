"""What a text contains: marks, numbers, people, credentials, registered data.
May open: nothing; text in, values out.
"""
