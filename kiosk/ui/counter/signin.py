"""Who sits at this desk."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget


class SignInPage(QWidget):
    """Name and password; what was wrong is not told apart."""

    def __init__(self, sign_in: Callable[[str, str], None], *, refused: bool) -> None:
        super().__init__()
        self._sign_in = sign_in
        column = QVBoxLayout(self)
        column.addStretch(1)
        title = QLabel("職員の方はサインインしてください")
        title.setObjectName("title")
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        box = QWidget()
        box.setFixedWidth(640)
        form = QFormLayout(box)
        form.setVerticalSpacing(20)
        self.clerk, self.secret = QLineEdit(), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        form.addRow("職員番号(&U)", self.clerk)
        form.addRow("パスワード(&P)", self.secret)
        column.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        if refused:
            wrong = QLabel("職員番号かパスワードがちがいます。")
            wrong.setObjectName("wrong")
            column.addWidget(wrong, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button = QPushButton("サインイン")
        self.button.setObjectName("primary")
        self.button.setFixedWidth(640)
        self.button.clicked.connect(self._go)
        self.clerk.returnPressed.connect(self.secret.setFocus)
        self.secret.returnPressed.connect(self._go)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.setFocusProxy(self.clerk)

    @Slot()
    def _go(self) -> None:
        self._sign_in(self.clerk.text(), self.secret.text())
        self.secret.clear()
