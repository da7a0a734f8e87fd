using System.Diagnostics; using Flume.Log; using Flume.Views; using Flume.Views.Bulk; using Flume.Codec.Messages; using Flume.Codec.Tape; using Flume.Primitives; using Flume.Store;
string mode=args[0], dir=args[1];
if (mode=="rebuild") {
for (int round=0; round<int.Parse(args[2]); round++){
var cpu0=Process.GetCurrentProcess().TotalProcessorTime;
var sw=Stopwatch.StartNew();
using var log=OffsetLog.Open(Path.Combine(dir,"log.offset"), new LogOptions{ReadOnly=true});
var keys=SecretFile.Read(Path.Combine(dir,"secret"));
using var mem=BoxMemory.Open(dir, keys);
var boxes=new BoxOpener(keys, mem);
var names=args.Length>3&&args[3]!="all"? args[3].Split(','):null;
var views=ViewCatalog.BuiltIn.Views.Where(v=>names==null||names.Contains(v.Name)).ToList();
long t0=sw.ElapsedMilliseconds;
var r=await OfflineRebuild.RunAsync(log, boxes, Path.Combine(dir,"views"), views);
var cpu=Process.GetCurrentProcess().TotalProcessorTime-cpu0; Console.WriteLine($"start {(DateTime.Now-Process.GetCurrentProcess().StartTime).TotalMilliseconds-sw.ElapsedMilliseconds:F0} cpu {cpu.TotalMilliseconds:F0} open {t0} ms, rebuild {r.Elapsed.TotalMilliseconds:F0} ms records {r.Records} peak {Process.GetCurrentProcess().PeakWorkingSet64/1048576} MB gcs {GC.CollectionCount(0)} {GC.CollectionCount(2)} alloc {GC.GetTotalAllocatedBytes()>>20}");
if (args.Length>4 && round==0) foreach(var v in r.Views) Console.WriteLine($"  {v.Name,-10} rows {v.Rows,9} bytes {v.StoreBytes,10} scan {v.ScanTime.TotalMilliseconds,6:F0} seal {v.SealTime.TotalMilliseconds,6:F0} {v.Failure}");
}}
if (mode=="digest") foreach (var v in ViewCatalog.BuiltIn.Views) {
 var d=new ViewDirectory(Path.Combine(dir,"views",v.Name), v.Name, new StoreResources(new StoreLimits()));
 using var rd=d.OpenCurrent()!.OpenReader(); Console.WriteLine(v.Name+" "+StoreDump.Digest(rd)); 
}
if (mode=="decode") { using var log=OffsetLog.Open(Path.Combine(dir,"log.offset"), new LogOptions{ReadOnly=true});
 for (int round=0; round<int.Parse(args[2]); round++){ var c0=Process.GetCurrentProcess().TotalProcessorTime; var dec=new MessageDecoder(); var run=new LogRun(); var sc=new LogScanner(log, Offset.None, log.Head); long n=0;
 while(sc.ReadRun(run)) foreach(var rec in run.Records) { if (args.Length>3) n+=rec.Length; else n+= dec.Decode(rec.Offset, run.Payload(rec)).Tape.Count; }
 Console.WriteLine($"cpu {(Process.GetCurrentProcess().TotalProcessorTime-c0).TotalMilliseconds:F0} {n}"); } }
