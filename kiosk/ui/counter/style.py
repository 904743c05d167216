"""The counter's look: the same tokens, smaller and denser than the kiosk's."""

from kiosk.ui.kit import tokens as t
from kiosk.ui.kit.fonts import NAMES, SANS

STYLE = f"""
QWidget {{ background: {t.WHITE}; color: {t.GRAY_900}; font-family: "{SANS}", "{NAMES}"; font-size: 22px; }}
QLabel#band {{ background: {t.BLUE_900}; color: {t.WHITE}; padding: 14px 48px; font-weight: bold; }}
QLabel#title {{ font-size: 34px; font-weight: bold; padding: 8px 0; }}
QLabel#section {{ font-size: 24px; font-weight: bold; color: {t.BLUE_900}; padding-top: 14px; }}
QLabel#fee {{ font-size: 40px; font-weight: bold; }}
QLabel#wrong {{ color: {t.RED}; font-weight: bold; }}
QLineEdit, QComboBox, QSpinBox {{ border: 2px solid {t.GRAY_600}; border-radius: 6px;
  padding: 5px 12px; min-height: 30px; background: {t.WHITE}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QCheckBox:focus {{
  border: 3px solid {t.GRAY_900}; background: {t.YELLOW_50}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border-color: {t.RED}; background: {t.RED_50}; }}
QCheckBox {{ spacing: 14px; padding: 8px; border: 3px solid transparent; font-weight: bold; }}
QCheckBox::indicator {{ width: 32px; height: 32px; }}
QPushButton {{ border: 2px solid {t.BLUE_900}; border-radius: 8px; padding: 10px 24px;
  color: {t.BLUE_900}; font-weight: bold; min-height: 32px; }}
QPushButton:focus {{ border: 4px solid {t.GRAY_900}; background: {t.YELLOW_300}; color: {t.GRAY_900}; }}
QPushButton#primary {{ background: {t.BLUE_900}; color: {t.WHITE}; min-height: 44px; }}
QPushButton#primary:focus {{ border: 4px solid {t.YELLOW_300}; }}
QTableWidget {{ border: 1px solid {t.GRAY_420}; gridline-color: {t.GRAY_200};
  selection-background-color: {t.BLUE_100}; selection-color: {t.GRAY_900}; }}
QHeaderView::section {{ background: {t.GRAY_50}; border: none; border-bottom: 2px solid {t.GRAY_600};
  padding: 10px; font-weight: bold; }}
"""
