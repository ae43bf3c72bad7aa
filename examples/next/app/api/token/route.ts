/** Here ReUp gives the signed-in person's token. This example has one for everybody: for development only. */
export const GET = () => new Response(process.env.DUTCHIE_TOKEN ?? "", { headers: { "cache-control": "no-store" } });

export const dynamic = "force-dynamic";
