/** Jobs without tasks, taken and settled by hand. */
export async function consume(client) {
  for (const parcel of ["book", "vase", "lamp"]) await client.put("parcels", { parcel });

  for await (const job of client.consume("parcels", { max: 1, wait: "100ms" })) {
    const { parcel } = job.params;
    if (parcel === "vase") {
      await job.fail(new Error("it broke"));
    } else {
      await job.done();
    }
    console.log("took", parcel);
  }
}
