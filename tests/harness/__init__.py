"""The world around the tests: databases, mail server, browser, served processes. All of it real."""
