"""Ground floor of the web half: who is acting, which rows they may touch, and the walls that hold it.

No rules of the domain live here.
"""
