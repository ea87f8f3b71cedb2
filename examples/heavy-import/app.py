# All of these come with Python, and none is needed to count words: every cold start pays for them.
import asyncio
import asyncio.subprocess
import cProfile
import concurrent.futures
import concurrent.futures.process
import configparser
import ctypes.util
import decimal
import doctest
import email.mime.multipart
import encodings.idna
import fractions
import ftplib
import graphlib
import http.server
import imaplib
import importlib.metadata
import ipaddress
import logging.config
import logging.handlers
import mailbox
import multiprocessing.managers
import multiprocessing.pool
import pdb
import pickletools
import pydoc
import shelve
import smtplib
import sqlite3
import ssl
import statistics
import tarfile
import tomllib
import tracemalloc
import unittest.async_case
import unittest.mock
import urllib.request
import uuid
import venv
import wsgiref.simple_server
import xml.dom.minidom
import xml.etree.ElementTree
import xml.sax.expatreader
import xmlrpc.client
import xmlrpc.server
import zipapp
import zoneinfo


def handler(event, context):
    """Needs none of the above; moving an import here, or leaving it out, shortens init and nothing else."""
    text = event.get('text', '')
    return {'words': len(text.split())}
