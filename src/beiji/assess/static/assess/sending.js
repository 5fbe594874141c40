// Pages beside the rating page: send what still waits on this device, and say so.
import { Queue, showState } from "./queue.js";

const place = document.querySelector("[data-queue]");
if (place) {
  const queue = new Queue(place.dataset);
  showState(queue);
  await queue.restore();
  queue.send();
}
