// PostGraphile on the database that is compared, set up as its documentation recommends for
// production: library mode, NODE_ENV and GRAPHILE_ENV of production, no explorer, no watching, no
// explaining.
import { createServer } from "node:http";
import { grafserv } from "postgraphile/grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { postgraphile } from "postgraphile";
import { jsonPgSmartTags } from "postgraphile/utils";

// The table of events has no foreign keys. These two are its relations that are read.
const relations = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      event: {
        tags: {
          foreignKey: [
            "(account_id) references account (id)",
            "(item_id) references bill_item (id)",
          ],
        },
      },
    },
  },
});

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [relations],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ["public"] })],
  grafast: { explain: false },
  grafserv: { graphiql: false, watch: false },
});

const server = createServer();
server.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
const serv = pgl.createServ(grafserv);
await serv.addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
