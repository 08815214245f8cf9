// Beside Leaflet in the file that replaces its script: the images of markers, and what is said of missing tiles.
import icon from "leaflet/dist/images/marker-icon.png";
import icon2x from "leaflet/dist/images/marker-icon-2x.png";
import shadow from "leaflet/dist/images/marker-shadow.png";

const { L } = window;
L.Icon.Default.imagePath = "";
L.Icon.Default.mergeOptions({ iconUrl: icon, iconRetinaUrl: icon2x, shadowUrl: shadow });

// Maps that already say it, with the hosts that have no tiles.
const said = new WeakMap();

function say(map, host) {
  const known = said.get(map);
  if (known) {
    known.hosts.add(host);
    known.show();
    return;
  }
  const hosts = new Set([host]);
  const note = L.DomUtil.create("div", "nbsession-no-tiles");
  note.setAttribute("role", "status");
  const show = () => {
    note.textContent = `The background of this map could not be loaded from ${[...hosts].join(", ")}.`;
  };
  said.set(map, { hosts, show });
  const control = new L.Control({ position: "topright" });
  control.onAdd = () => note;
  control.addTo(map);
  show();
}

L.TileLayer.addInitHook(function () {
  this.on("tileerror", ({ tile }) => {
    if (this._map && URL.canParse(tile.src)) say(this._map, new URL(tile.src).host);
  });
});
