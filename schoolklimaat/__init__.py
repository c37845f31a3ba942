"""The site of Schoolklimaat: where a school's energy works and its climate lessons meet."""
