namespace Mcptt.Domain.Audit.Timelines;

/// <summary>
/// The zoom of a page: moves what the plot marked, keeps the middle where it is. It has no "less than" and no ampersand, so that the page is well-formed XML
/// too, and nothing of the call stands in it.
/// </summary>
internal static class TimelineScript
{
    public const string Text = """

        (function () {
          "use strict";
          var plot = document.getElementById("plot"), box = document.getElementById("scroll"), told = document.getElementById("zoom");
          var width = Number(plot.getAttribute("data-width")), zooms = plot.getAttribute("data-zooms").split(" ").map(Number), at = 0;
          function all(name) { return Array.prototype.slice.call(plot.getElementsByClassName(name)); }
          function num(e, name) { return Number(e.getAttribute(name)); }
          var bars = all("r").map(function (e) { return [e, num(e, "x"), num(e, "data-w")]; });
          var places = all("at").map(function (e) { return [e, num(e, "data-x"), num(e, "data-y")]; });
          var paths = all("s"), labels = all("fit").map(function (e) { return [e, num(e, "data-need"), num(e, "data-w")]; }), ticks = all("ticks");
          function show() {
            var z = zooms[at], middle = (box.scrollLeft + box.clientWidth / 2) / plot.clientWidth;
            plot.setAttribute("width", width * z);
            bars.forEach(function (b) { b[0].setAttribute("x", b[1] * z); b[0].setAttribute("width", Math.max(3, b[2] * z)); });
            places.forEach(function (p) { p[0].setAttribute("transform", "translate(" + p[1] * z + "," + p[2] + ")"); });
            paths.forEach(function (p) { p.setAttribute("transform", "scale(" + z + ",1)"); });
            labels.forEach(function (l) { l[0].style.display = l[1] > l[2] * z ? "none" : ""; });
            ticks.forEach(function (t) { t.style.display = num(t, "data-z") === z ? "" : "none"; });
            told.textContent = z + "×";
            box.scrollLeft = middle * plot.clientWidth - box.clientWidth / 2;
          }
          function go(to) { at = Math.min(zooms.length - 1, Math.max(0, to)); show(); }
          document.getElementById("in").onclick = function () { go(at + 1); };
          document.getElementById("out").onclick = function () { go(at - 1); };
          document.getElementById("all").onclick = function () { go(0); };
          document.getElementById("controls").hidden = false;
        })();

        """;
}
