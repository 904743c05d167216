"""The counter's look: the same tokens, smaller and denser than the kiosk's."""

from kiosk.ui.kit import tokens as t
from kiosk.ui.kit.fonts import NAMES, SANS

STYLE = f"""
QWidget {{ background: {t.WHITE}; color: {t.GRAY_900}; font-family: "{SANS}", "{NAMES}"; font-size: 17px; }}
QLabel#band {{ background: {t.BLUE_900}; color: {t.WHITE}; padding: 8px 24px; font-weight: bold; }}
QLabel#title {{ qproperty-indent: 0; font-size: 26px; font-weight: bold; padding: 4px 0; }}
QLabel#large {{ qproperty-indent: 0; font-size: 30px; font-weight: bold; padding: 8px 0; }}
QLabel#lead {{ qproperty-indent: 0; font-size: 28px; font-weight: bold; color: {t.BLUE_900}; padding-bottom: 8px; }}
QLabel#read {{ border: 2px solid {t.BLUE_900}; border-radius: 6px; padding: 10px 18px; background: {t.BLUE_50}; font-weight: bold; }}
QLabel#unread {{ border: 2px dashed {t.GRAY_420}; border-radius: 6px; padding: 10px 18px; }}
QLabel#number {{ font-size: 24px; font-weight: bold; }}
QLabel#quiet {{ qproperty-indent: 0; color: {t.GRAY_600}; font-size: 15px; padding-bottom: 4px; }}
QLabel#heading {{ qproperty-indent: 0; font-size: 16px; font-weight: bold; color: {t.BLUE_1000}; padding-top: 6px; }}
QLabel#category {{ font-size: 17px; font-weight: bold; color: {t.BLUE_1000}; padding: 11px 16px 0 4px; }}
QLabel#elsewhere {{ padding: 6px 14px; min-height: 28px; background: {t.GRAY_50}; border-radius: 6px; }}
QLabel#fee {{ font-size: 34px; font-weight: bold; }}
QLabel#free {{ font-size: 20px; font-weight: bold; }}
QLabel#lines, QLabel#notice {{ font-size: 16px; }}
QLabel#worked {{ color: {t.GRAY_600}; background: {t.GRAY_50}; border-radius: 4px; padding: 0 10px; }}
QLabel#calm {{ background: {t.BLUE_50}; border-left: 8px solid {t.BLUE_900}; padding: 10px 16px; font-weight: bold; }}
QLabel#asking {{ background: {t.YELLOW_50}; color: {t.ORANGE}; border: 1px solid {t.ORANGE}; border-radius: 6px;
  padding: 4px 12px; font-weight: bold; }}
QLabel#alarm {{ background: {t.RED}; color: {t.WHITE}; padding: 10px 16px; font-weight: bold; }}
QLabel#wrong {{ color: {t.RED}; font-weight: bold; font-size: 16px; }}
QLabel#mend {{ color: {t.RED}; font-size: 16px; }}
QLabel#stop {{ color: {t.RED}; background: {t.RED_50}; border: 2px solid {t.RED}; border-radius: 6px;
  padding: 10px; font-weight: bold; font-size: 18px; }}
QLineEdit, QComboBox, QPlainTextEdit {{ border: 1px solid {t.GRAY_420}; border-radius: 4px;
  padding: 2px 9px; background: {t.WHITE}; font-size: 18px; selection-background-color: {t.BLUE_900}; }}
QLineEdit[kind="name"] {{ font-family: "{NAMES}"; font-size: 21px; }}
QPlainTextEdit {{ padding: 2px 5px; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"], QPlainTextEdit[wrong="true"] {{
  border: 2px solid {t.RED}; background: {t.RED_50}; padding: 1px 8px; }}
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus {{
  border: 2px solid {t.GRAY_900}; background: {t.YELLOW_50}; padding: 1px 8px; }}
QLineEdit#search {{ font-size: 24px; min-height: 44px; }}
QComboBox::drop-down {{ border: none; width: 26px; }}
QComboBox QAbstractItemView {{ border: 1px solid {t.GRAY_600}; font-size: 18px; outline: none;
  selection-background-color: {t.BLUE_100}; selection-color: {t.GRAY_900}; }}
QComboBox QAbstractItemView::item {{ min-height: 34px; padding: 0 8px; }}
QCheckBox {{ spacing: 8px; padding: 2px 4px; border: 2px solid transparent; border-radius: 4px; }}
QCheckBox:focus {{ border: 2px solid {t.GRAY_900}; background: {t.YELLOW_50}; }}
QCheckBox[wrong="true"] {{ color: {t.RED}; }}
QCheckBox::indicator {{ width: 22px; height: 22px; }}
QPushButton {{ border: 1px solid {t.BLUE_900}; border-radius: 6px; padding: 6px 18px;
  color: {t.BLUE_900}; font-weight: bold; min-height: 28px; background: {t.WHITE}; }}
QPushButton:focus {{ border: 3px solid {t.GRAY_900}; background: {t.YELLOW_300}; color: {t.GRAY_900}; padding: 4px 16px; }}
QPushButton:disabled {{ color: {t.GRAY_420}; border-color: {t.GRAY_200}; }}
QPushButton#primary {{ background: {t.BLUE_900}; color: {t.WHITE}; min-height: 40px; font-size: 20px; }}
QPushButton#primary:focus {{ border: 3px solid {t.YELLOW_300}; }}
QPushButton#small {{ font-size: 15px; padding: 0 6px; min-height: 0; font-weight: normal; border-color: {t.GRAY_420}; }}
QPushButton#small:focus {{ border: 2px solid {t.GRAY_900}; padding: 0 5px; }}
QPushButton#settle {{ font-size: 16px; padding: 0 8px; min-height: 0; background: {t.YELLOW_50}; border: 1px solid {t.ORANGE}; color: {t.GRAY_900}; }}
QPushButton#settle:focus {{ border: 3px solid {t.GRAY_900}; background: {t.YELLOW_300}; }}
QPushButton#procedure, QPushButton#next {{ text-align: left; font-weight: normal; color: {t.GRAY_900};
  border-color: {t.GRAY_420}; font-size: 18px; padding: 6px 14px; }}
QPushButton#procedure[current="true"] {{ border: 3px solid {t.GRAY_900}; background: {t.YELLOW_300}; padding: 4px 12px; font-weight: bold; }}
QPushButton#answer {{ font-size: 22px; border: 2px solid {t.GRAY_420}; color: {t.GRAY_900}; }}
QPushButton#answer:checked {{ border: 5px solid {t.BLUE_900}; background: {t.BLUE_100}; }}
QPushButton#shape {{ min-height: 118px; min-width: 110px; border: 2px solid {t.GRAY_420}; }}
QPushButton#shape:checked {{ border: 5px solid {t.BLUE_900}; background: {t.BLUE_100}; }}
QPushButton#shape:focus {{ border: 4px solid {t.GRAY_900}; }}
QPushButton#primary:disabled {{ background: {t.GRAY_200}; color: {t.GRAY_600}; }}
QPushButton#next {{ font-weight: bold; border-color: {t.BLUE_900}; color: {t.BLUE_900}; }}
QTableWidget {{ border: none; border-top: 1px solid {t.GRAY_420}; font-size: 18px; alternate-background-color: {t.GRAY_50};
  selection-background-color: {t.BLUE_100}; selection-color: {t.GRAY_900}; outline: none; }}
QTableWidget#pending {{ border: 2px solid {t.WHITE}; border-top: 2px solid {t.GRAY_420}; }}
QTableWidget#pending:focus {{ border: 2px solid {t.GRAY_900}; }}
QListWidget {{ border: none; border-top: 1px solid {t.GRAY_420}; font-size: 18px; outline: none;
  selection-background-color: {t.BLUE_100}; selection-color: {t.GRAY_900}; }}
QListWidget::item {{ min-height: 46px; padding: 0 8px; border-bottom: 1px solid {t.GRAY_200}; }}
QListWidget::item:selected {{ background: {t.BLUE_100}; color: {t.GRAY_900}; }}
QTableWidget::item {{ padding: 0 8px; }}
QHeaderView::section {{ background: {t.WHITE}; border: none; border-bottom: 2px solid {t.GRAY_600};
  padding: 8px; font-weight: bold; font-size: 16px; }}
QScrollBar:vertical {{ background: {t.WHITE}; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.GRAY_200}; border-radius: 5px; min-height: 40px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QToolTip {{ background: {t.GRAY_900}; color: {t.WHITE}; font-size: 15px; padding: 6px; border: none; }}
"""
