"""Questionnaires given and answered. What an instrument asks and how it is scored is declared in
`instruments`.
"""
