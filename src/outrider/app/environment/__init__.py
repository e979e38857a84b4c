"""The environment of the plugin: the libraries of command line and server, made once in its data folder.

Standard library only: this runs before there is anything else.
"""
