"""What is said of uploads in the page."""

import html

from ingest.corpus import FileReport
from qa import render


def test_a_file_of_an_archive_is_named_with_it_and_the_folder_of_uploads_is_not_told():
    path = "/tmp/gradio/1234/文件包.zip/通知/坏.pdf"
    report = FileReport(path, "failed", f"PDF 已损坏，无法打开：{path}", "请重新下载")
    markup = html.unescape(render.report_html([report]))
    assert markup.count("文件包.zip/通知/坏.pdf") == 2 and "gradio" not in markup
