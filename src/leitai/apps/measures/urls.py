"""Addresses of measures, readings and letters, below the place's own."""

from django.urls import path

from . import definitions, letter_pages, pages, reading_page, screens_page, workbook_pages

app_name = "measures"
urlpatterns = [
    path("report", pages.report, name="report"),
    path("report/workbook", workbook_pages.workbook, name="workbook"),
    path("measures", definitions.measures, name="measures"),
    path("measures/<slug:key>", definitions.definition, name="definition"),
    path("readings", pages.readings, name="readings"),
    path("readings/screens", screens_page.screens, name="screens"),
    path("readings/burden", screens_page.burden, name="burden"),
    path("readings/<int:number>", reading_page.one, name="reading"),
    path("readings/<int:number>/verify", pages.verify, name="verify"),
    path("evidence/<int:number>", reading_page.piece, name="evidence"),
    path("letters", letter_pages.letters, name="letters"),
    path("letters/new", letter_pages.new, name="letter-new"),
    path("letters/<int:number>", letter_pages.letter, name="letter"),
    path("letters/<int:number>/paper", letter_pages.paper, name="letter-paper"),
    path("letters/<int:number>/word", letter_pages.word, name="letter-word"),
    path("desk/asked", pages.asked, name="asked"),
]
