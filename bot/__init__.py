"""nianbao (年报助手): interviews an agency's contact and sends back the finished annual report."""

__version__ = "1.0.0"
